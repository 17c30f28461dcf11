// What the environment asks of the stand-in driver. Read once, when the library is loaded.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace standin {

struct Options {
    bool null = false;                          // STANDIN_MODE=null: launches do nothing
    bool races = false;                         // STANDIN_RACES=1: look for accesses that no barrier orders
    bool lazy = false, lazyOthers = false;      // STANDIN_LAZY=1: asynchronous work is done as late as allowed; =default, =others: that of these streams
    bool approximate = false;                   // STANDIN_APPROX=1: .approx instructions err as much as the manual allows
    int contraction = 1;                        // STANDIN_FMA: products become part of sums: 0 never, 1 where nothing else reads them, 2 all, 3 the second first
    bool sticky = false;                        // STANDIN_STICKY=1: after a failed launch the context is lost, as on a real device
    bool uninitialised = true;                  // STANDIN_UNINIT=0: don't report reads of shared memory that nobody wrote
    bool exactFrees = true;                     // STANDIN_FREESYNC=0: cuMemFree does not wait for what is queued
    int fill = -1;                              // STANDIN_FILL: the byte that fresh device memory is filled with
    int workers = 2;                            // STANDIN_WORKERS: threads of the host that execute groups
    size_t queued = 4096;                       // STANDIN_QUEUE: the most that may be queued with STANDIN_LAZY
    uint64_t memory = uint64_t(16) << 30;       // STANDIN_MEMORY: bytes of device memory
    int driver = 12040;                         // STANDIN_DRIVER: what cuDriverGetVersion says
    int capability = 90;                        // STANDIN_SM
    std::string report;                         // STANDIN_REPORT: a file; %p becomes the process id
    std::string dump;                           // STANDIN_DUMP: a folder for the modules that were loaded
    std::string trace;                          // STANDIN_TRACE: a file that every launch is written to

    static const Options& get();
};

}
