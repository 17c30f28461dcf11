// A loaded PTX module and its kernels.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace standin {

struct Program;                                 // decoded instructions: program.h

struct Kernel {
    std::string name;
    uint32_t parameterBytes = 0;
    uint32_t staticShared = 0;
    int maxThreads = 0;                         // of .maxntid; 0: not said
    bool requiresExactly = false;               // of .reqntid
    std::shared_ptr<Program> program;           // none in null mode
};

struct Module {
    std::map<std::string, std::unique_ptr<Kernel>> kernels;
    std::string file;                           // where STANDIN_DUMP put it

    // Parses and decodes PTX. What is not understood is an error with the line that it stands in.
    static std::unique_ptr<Module> load(const std::string& ptx, std::string& error);
};

struct Launch {
    Kernel* kernel;
    uint32_t grid[3], block[3], dynamicShared;
    std::vector<uint8_t> parameters;
};

// Runs all groups of a launch; returns a cuError.
int execute(const Launch& launch);

}
