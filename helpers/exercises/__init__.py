"""The exercises of each lesson: `from helpers.exercises import ex10_3 as check`."""
