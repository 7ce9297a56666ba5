"""The first import of PyTorch in a worker."""

import gc

from onebyone.errors import MeasurementError


def load_torch(if_missing: str) -> None:
    """Loads PyTorch, with one thread between operators.

    Raises:
        MeasurementError: It is not installed (then with the text given), or cannot be loaded.
    """
    try:
        import torch
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "torch":
            raise MeasurementError(if_missing) from error
        raise MeasurementError(f"PyTorch cannot be loaded: {error}; install it again.") from error
    except (ImportError, OSError) as error:
        reason = str(error).strip().splitlines()
        raise MeasurementError(f"PyTorch cannot be loaded: {reason[0] if reason else 'no reason given'}.") from error
    if torch.get_num_interop_threads() != 1:
        torch.set_num_interop_threads(1)
    # What is loaded stays: collecting before each measurement then looks at little, and not for a tenth of a second.
    gc.freeze()
