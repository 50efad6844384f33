"""What the service keeps of plans, survey rounds, questionnaires and tasks."""
