"""What is asked: questionnaires in versions, which never change once published."""
