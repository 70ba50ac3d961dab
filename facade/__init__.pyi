"""What type-checkers see of `puresponse`: all that is public in the three packages."""

from puresponse.codecs import *
from puresponse.core import *
from puresponse.transports import *

__version__: str
