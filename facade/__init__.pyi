"""What type-checkers see of `puresponse`: the three packages, and all that is public in them."""

from puresponse import codecs as codecs
from puresponse import core as core
from puresponse import transports as transports
from puresponse.codecs import *
from puresponse.core import *
from puresponse.transports import *

__version__: str
