// The generator of `Scripts/bench`: see `LoadGenerator --help`.

#include "agents.h"
#include "loop.h"
#include "modes.h"
#include "usage.h"
#include <string.h>

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        int (*run)(const struct options *);
    } modes[] = {
        {"calls", run_calls}, {"media", run_media}, {"relay", run_relay}, {"arrival", run_arrival}, {"freed", run_freed},
                 {"agents", agents_configuration}};
    struct options options = options_read(argc, argv);
    for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(modes[i].name, options.mode) != 0) continue;
        loop_prepare();
        return modes[i].run(&options);
    }
    options_refuse();
}
