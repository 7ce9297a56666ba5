"""Guided walks through what a 1×1 convolution does: text from resources, figures and checks from the analysis."""

from onebyone.lessons.lesson import Lesson, Step, lesson_names, load_lesson
from onebyone.lessons.scope import Scope, clock_values

__all__ = ["Lesson", "Scope", "Step", "clock_values", "lesson_names", "load_lesson"]
