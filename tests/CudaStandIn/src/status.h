// Status codes of the driver.
#pragma once

namespace standin {

enum Status : int {
    success = 0, invalidValue = 1, outOfMemory = 2, notInitialised = 3, noDevice = 100, invalidDevice = 101, invalidContext = 201, invalidPtx = 218,
    invalidHandle = 400, notFound = 500, notReady = 600, illegalAddress = 700, launchOutOfResources = 701, hostAlreadyRegistered = 712, hostNotRegistered = 713,
    illegalInstruction = 715, misalignedAddress = 716, launchFailed = 719, notSupported = 801,
};

inline const char* nameOf(int status) {
    switch (status) {
    case success: return "no error";
    case invalidValue: return "invalid argument";
    case outOfMemory: return "out of memory";
    case notInitialised: return "initialization error";
    case invalidDevice: return "invalid device ordinal";
    case invalidContext: return "invalid device context";
    case invalidPtx: return "a PTX JIT compilation failed";
    case invalidHandle: return "invalid resource handle";
    case notFound: return "named symbol not found";
    case notReady: return "device not ready";
    case illegalAddress: return "an illegal memory access was encountered";
    case launchOutOfResources: return "too many resources requested for launch";
    case hostAlreadyRegistered: return "part or all of the requested memory range is already mapped";
    case hostNotRegistered: return "pointer does not correspond to a registered memory region";
    case illegalInstruction: return "an illegal instruction was encountered";
    case misalignedAddress: return "misaligned address";
    case launchFailed: return "unspecified launch failure";
    case notSupported: return "operation not supported";
    default: return "unknown error";
    }
}

}
