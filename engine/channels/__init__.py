"""Ways out of the product: mail by SMTP, robots of 企业微信, 钉钉 and 飞书. Knows no message and no database."""
