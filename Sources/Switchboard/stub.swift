import Logging
import NIOCore
