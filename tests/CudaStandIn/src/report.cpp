#include "report.h"
#include "options.h"
#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace standin {

std::string format(const char* pattern, ...) {
    va_list list, again;
    va_start(list, pattern);
    va_copy(again, list);
    int n = vsnprintf(nullptr, 0, pattern, list);
    va_end(list);
    std::string s(size_t(n), ' ');
    vsnprintf(s.data(), size_t(n) + 1, pattern, again);
    va_end(again);
    return s;
}

Report& Report::get() {
    // Never destroyed: it is written after static objects are gone.
    static Report* report = [] {
        auto* made = new Report;
        if (!Options::get().report.empty()) {
            atexit([] { Report::get().write(); });
            // Processes that are ended from outside, as hosts of tests are, never come to that.
            std::thread([made] {
                for (;;) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(250));
                    made->write();
                }
            }).detach();
        }
        return made;
    }();
    return *report;
}

void Report::error(const std::string& text) {
    bool isNew;
    {
        std::lock_guard lock(gate);
        errorCount++;
        isNew = errors[text]++ == 0 && errors.size() < 200;
    }
    if (isNew) fprintf(stderr, "standin: %s\n", text.c_str());
}

void Report::race(const std::string& text) {
    {
        std::lock_guard lock(gate);
        raceCount++;
    }
    error(text);
}

void Report::trace(const std::string& line) {
    static FILE* file = Options::get().trace.empty() ? nullptr : fopen(Options::get().trace.c_str(), "w");
    if (file) fprintf(file, "%s\n", line.c_str()), fflush(file);
}

void Report::copied(const std::string& kind, uint64_t bytes) {
    if (!Options::get().trace.empty()) trace(format("copy %s, %llu bytes", kind.c_str(), (unsigned long long)bytes));
    std::lock_guard lock(gate);
    auto& count = copies[kind];
    count.calls++;
    count.bytes += bytes;
}

void Report::waited(const std::string& call) {
    trace("wait " + call);
    std::lock_guard lock(gate);
    waits[call]++;
}

void Report::write() {
    const std::string& path = Options::get().report;
    if (path.empty()) return;
    std::lock_guard lock(gate);
    std::string beside = path + ".new";
    FILE* f = fopen(beside.c_str(), "w");
    if (!f) return;
    uint64_t launches = 0, instructions = 0;
    double seconds = 0;
    for (auto& [name, k] : kernels) launches += k.launches, instructions += k.instructions, seconds += k.seconds;
    fprintf(f, "process %d\nerrors %llu (of them races %llu)\n", getpid(), (unsigned long long)errorCount, (unsigned long long)raceCount);
    for (auto& [text, n] : errors) fprintf(f, "  %llu x %s\n", (unsigned long long)n, text.c_str());
    fprintf(f, "modules %llu loaded, %llu refused\n", (unsigned long long)modules, (unsigned long long)moduleFailures);
    fprintf(f, "allocations %llu, frees %llu, live bytes %llu, peak bytes %llu\n", (unsigned long long)allocations, (unsigned long long)frees, (unsigned long long)liveBytes, (unsigned long long)peakBytes);
    fprintf(f, "host memory: %llu allocated, %llu registered, %llu accesses by kernels\n", (unsigned long long)hostAllocations, (unsigned long long)hostRegistrations, (unsigned long long)hostAccesses);
    fprintf(f, "synchronising calls\n");
    for (auto& [name, n] : waits) fprintf(f, "  %10llu  %s\n", (unsigned long long)n, name.c_str());
    fprintf(f, "copies\n");
    for (auto& [name, c] : copies) fprintf(f, "  %10llu  %14llu bytes  %s\n", (unsigned long long)c.calls, (unsigned long long)c.bytes, name.c_str());
    if (!products.empty()) fprintf(f, "cuBLAS\n");
    for (auto& [name, n] : products) fprintf(f, "  %10llu  %s\n", (unsigned long long)n, name.c_str());
    fprintf(f, "launches %llu of %zu kernels, %llu instructions of threads, %.3f s\n", (unsigned long long)launches, kernels.size(), (unsigned long long)instructions, seconds);
    std::vector<std::pair<std::string, KernelCount>> all(kernels.begin(), kernels.end());
    std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.second.launches > b.second.launches; });
    for (auto& [name, k] : all)
        fprintf(f, "  %10llu  %12llu groups  %14llu instructions  %8.3f s  %4d threads  %s\n", (unsigned long long)k.launches, (unsigned long long)k.groups,
            (unsigned long long)k.instructions, k.seconds, k.mostThreads, name.c_str());
    fclose(f);
    rename(beside.c_str(), path.c_str());
}

}
