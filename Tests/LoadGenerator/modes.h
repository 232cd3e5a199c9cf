// What the generator can do. Each prints its rows and returns the exit status.
#pragma once
#include "options.h"

int run_calls(const struct options *options);
int run_media(const struct options *options);
int run_relay(const struct options *options);
int run_arrival(const struct options *options);
int run_freed(const struct options *options);
