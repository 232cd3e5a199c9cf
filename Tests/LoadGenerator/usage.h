// The command line, the same for all modes.
#pragma once
#include "options.h"

/// Exits with a usage text where the line is wrong.
struct options options_read(int argc, char **argv);
/// Prints the usage and exits.
_Noreturn void options_refuse(void);
