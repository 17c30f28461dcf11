#include "options.h"
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace standin {

static const char* variable(const char* name) {
    const char* value = getenv(name);
    return value && *value ? value : nullptr;
}

static bool isOn(const char* name, bool otherwise = false) {
    const char* value = variable(name);
    return value ? strcmp(value, "0") != 0 : otherwise;
}

static long long number(const char* name, long long otherwise) {
    const char* value = variable(name);
    return value ? strtoll(value, nullptr, 0) : otherwise;
}

static std::string text(const char* name) {
    const char* value = variable(name);
    std::string s = value ? value : "";
    if (size_t at = s.find("%p"); at != std::string::npos) s.replace(at, 2, std::to_string(getpid()));
    return s;
}

static Options read() {
    Options o;
    const char* mode = variable("STANDIN_MODE");
    o.null = mode && !strcmp(mode, "null");
    o.races = isOn("STANDIN_RACES");
    const char* lazy = variable("STANDIN_LAZY");
    o.lazy = isOn("STANDIN_LAZY") && strcmp(lazy, "others") != 0;
    o.lazyOthers = isOn("STANDIN_LAZY") && strcmp(lazy, "default") != 0;
    o.approximate = isOn("STANDIN_APPROX");
    o.contraction = int(number("STANDIN_FMA", o.contraction));
    o.sticky = isOn("STANDIN_STICKY");
    o.uninitialised = isOn("STANDIN_UNINIT", true);
    o.exactFrees = isOn("STANDIN_FREESYNC", true);
    o.fill = int(number("STANDIN_FILL", o.null ? 0 : 0xff)) & 0xff;
    o.workers = int(number("STANDIN_WORKERS", o.workers));
    o.queued = size_t(number("STANDIN_QUEUE", o.queued));
    o.memory = uint64_t(number("STANDIN_MEMORY", o.memory));
    o.driver = int(number("STANDIN_DRIVER", o.driver));
    o.capability = int(number("STANDIN_SM", o.capability));
    o.report = text("STANDIN_REPORT");
    o.dump = text("STANDIN_DUMP");
    o.trace = text("STANDIN_TRACE");
    return o;
}

const Options& Options::get() {
    static const Options options = read();
    return options;
}

}
