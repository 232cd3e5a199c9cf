// The agents' browsers of `Scripts/bench webrtc` and `Scripts/bench api`: see `BrowserLoad --help`.

#include "loop.h"
#include "settings.h"
#include <string.h>

int main(int argc, char **argv) {
    struct settings settings = settings_read(argc, argv);
    loop_prepare();
    if (strcmp(settings.mode, "webrtc") == 0) return run_webrtc(&settings);
    if (strcmp(settings.mode, "plain") == 0) return run_plain(&settings);
    if (strcmp(settings.mode, "memory") == 0) return run_memory(&settings);
    if (strcmp(settings.mode, "api") == 0) return run_api(&settings);
    settings_refuse();
}
