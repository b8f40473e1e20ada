"""What everybody may read without sign-in: pages that processes show. Knows no process, and nobody who acts."""
