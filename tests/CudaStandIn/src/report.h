// Counts of what was asked of the driver, and the errors that were found; written to STANDIN_REPORT at the end of the process.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace standin {

struct KernelCount {
    uint64_t launches = 0, groups = 0, threads = 0, instructions = 0;
    int mostThreads = 0;                        // of a group
    double seconds = 0;
};

struct CopyCount {
    uint64_t calls = 0, bytes = 0;
};

struct Report {
    std::mutex gate;
    std::map<std::string, KernelCount> kernels;
    std::map<std::string, CopyCount> copies;    // by kind, such as "host to device, page-locked, async"
    std::map<std::string, uint64_t> waits;      // synchronising calls by name
    uint64_t allocations = 0, frees = 0, liveBytes = 0, peakBytes = 0;
    uint64_t hostAllocations = 0, hostRegistrations = 0, hostAccesses = 0;
    uint64_t modules = 0, moduleFailures = 0;
    uint64_t errorCount = 0, raceCount = 0;
    std::map<std::string, uint64_t> errors;     // by text, so that a launch repeated a thousand times is one line
    std::map<std::string, uint64_t> products;   // what cuBLAS was asked

    static Report& get();

    void error(const std::string& text);        // said on stderr too, each text once
    void race(const std::string& text);
    void copied(const std::string& kind, uint64_t bytes);
    void waited(const std::string& call);
    void trace(const std::string& line);        // to STANDIN_TRACE
    void write();                               // the whole file again
};

// printf into a string
std::string format(const char* pattern, ...) __attribute__((format(printf, 1, 2)));

}
