#include "module.h"
#include "decode.h"
#include "options.h"
#include "ptx.h"
#include "report.h"
#include <atomic>
#include <cstdio>

namespace standin {

// Only the names of kernels: enough where nothing is executed.
static std::unique_ptr<Module> scan(const std::string& ptx) {
    auto module = std::make_unique<Module>();
    for (size_t at = 0; (at = ptx.find(".entry", at)) != std::string::npos;) {
        at += 6;
        size_t from = ptx.find_first_not_of(" \t\r\n", at), to = ptx.find_first_of(" (\t\r\n", from);
        auto kernel = std::make_unique<Kernel>();
        kernel->name = ptx.substr(from, to - from);
        module->kernels[kernel->name] = std::move(kernel);
        at = to;
    }
    return module;
}

static std::string dump(const std::string& ptx, int number) {
    const std::string& folder = Options::get().dump;
    if (folder.empty()) return {};
    std::string file = format("%s/%05d.ptx", folder.c_str(), number);
    if (FILE* f = fopen(file.c_str(), "w")) {
        fwrite(ptx.data(), 1, ptx.size(), f);
        fclose(f);
    }
    return file;
}

static std::unique_ptr<Module> read(const std::string& text) {
    auto source = ptx::parse(text);
    auto module = std::make_unique<Module>();
    for (auto& [name, function] : source.functions) {
        if (!function.isEntry) continue;
        auto kernel = std::make_unique<Kernel>();
        kernel->name = name;
        decode(source, function, *kernel);
        module->kernels[name] = std::move(kernel);
    }
    return module;
}

std::unique_ptr<Module> Module::load(const std::string& text, std::string& error) {
    static std::atomic<int> count{0};
    int number = count++;
    std::string file = dump(text, number);
    try {
        auto module = Options::get().null ? scan(text) : read(text);
        if (module->kernels.empty()) throw ptx::Error(1, "no kernel");
        module->file = file;
        for (auto& [_, kernel] : module->kernels) kernel->name += format("#%d", number);     // ILGPU gives all kernels of one entry point one name
        return module;
    } catch (const ptx::Error& e) {
        error = format("module %d: %s", number, e.what());
        return nullptr;
    }
}

}
