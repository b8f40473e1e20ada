"""The only driver of SpiffWorkflow. Definition, state and command go in, a ``engine.model.RunResult`` comes out.

Knows no clock and no row.
"""
