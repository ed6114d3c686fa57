"""Predictions, quizzes, and the exercises of each lesson."""

from helpers.exercises.questions import Prediction, Question, Quiz

__all__ = ["Prediction", "Question", "Quiz"]
