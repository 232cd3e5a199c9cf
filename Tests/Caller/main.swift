// The test user agent: a telephone on real sockets that a test starts as a child process. See `Caller --help`.

import Glibc

exit(Program.run(Array(CommandLine.arguments.dropFirst())))
