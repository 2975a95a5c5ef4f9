// SIGINT, SIGTERM and SIGHUP end a run in order; a second SIGINT ends it at once.
#pragma once

#include "session/stop_flag.h"

namespace socktap::cli {

// `flag` must live as long as the process handles signals. SIGPIPE is ignored: a closed pipe comes
// back from write().
void install_signal_handlers(session::StopFlag& flag);

}  // namespace socktap::cli
