// From the tree of a module to the instructions of a kernel.
#pragma once
#include "module.h"
#include "program.h"
#include "ptx.h"

namespace standin {

// Calls are inlined; the kernel learns its sizes and limits.
void decode(const ptx::Source& source, const ptx::Function& entry, Kernel& kernel);

// What ptxas does to products that are added: one rounding instead of two (STANDIN_FMA).
void contract(Program& program, const std::map<int32_t, int>& definitions, const std::map<int32_t, int>& uses, const std::vector<bool>& leaders);

}
