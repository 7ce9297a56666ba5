"""Exceptions a caller can handle.

OnebyoneError
├── EditError            an edit that would not make a valid value; the design stays as it was
├── DesignFileError      bytes that are not a design (malformed, too large, too new)
├── ModelFileError       a foreign model's file that cannot be read: damaged, hostile, or with something we do not know
├── StorageError         a file that could not be read or written
├── SourceError          a design with errors has no PyTorch source
├── ExportError          a diagram or report that could not be made
├── HistoryError         the history of measurements could not be opened, read or written
├── SweepError           a sweep that cannot be asked for
├── ComparisonError      too few or too many designs to compare
├── WorkerError          the worker could not be started, died or answered nonsense
└── MeasurementError     a measurement that cannot be asked for or cannot be answered
    └── CancelledError   a measurement that was given up on request
"""


class OnebyoneError(Exception):
    """Base of every exception that this package raises on purpose; its text is one sentence for the user."""


class EditError(OnebyoneError):
    """An edit was refused; the text says why and what would be right."""


class DesignFileError(OnebyoneError):
    """The bytes do not hold a design."""


class ModelFileError(OnebyoneError):
    """A file of a foreign model could not be read as one."""


class StorageError(OnebyoneError):
    """A file could not be read or written."""


class SourceError(OnebyoneError):
    """PyTorch source was asked of a design that has errors."""


class ExportError(OnebyoneError):
    """A diagram or report could not be made."""


class HistoryError(OnebyoneError):
    """The history of measurements could not be opened, read or written."""


class SweepError(OnebyoneError):
    """A sweep cannot be asked for: a field that there is not, a range that is none, a cluster that does not answer."""


class ComparisonError(OnebyoneError):
    """Designs cannot be compared: there are too few or too many."""


class WorkerError(OnebyoneError):
    """The worker process could not be started, died, or answered nonsense."""


class MeasurementError(OnebyoneError):
    """A measurement cannot be asked for or cannot be answered."""


class CancelledError(MeasurementError):
    """A measurement was given up on request."""
