// Handlers of loads, stores, atomics, shuffles and votes.
#pragma once
#include "program.h"

namespace standin {

// For an access of elements of some bytes in a space; isSigned: narrow elements are widened with their sign.
Handler loadHandler(Space space, int bytes, bool isSigned);
Handler storeHandler(Space space, int bytes);
Handler paramHandler(int bytes, bool isSigned);

// atom and red; op is "add" and the like, type ".u32". Null where it is not known.
Handler atomicHandler(const std::string& op, const std::string& type);

// shfl.sync.idx and the like; vote.sync.all and the like. Null where it is not known.
Handler shuffleHandler(const std::string& mode);
Handler voteHandler(const std::string& mode);

}
