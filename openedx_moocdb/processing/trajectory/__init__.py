"""Where in the course was the learner? A fold over steps; pure."""
