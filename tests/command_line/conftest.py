"""Commands as people of the cast call them."""

from tests.command_line.old import old  # noqa: F401 (a fixture)
from tests.command_line.saying import (  # noqa: F401 (fixtures)
    otto_says,
    pia_says,
    rita_says,
    root_says,
)
