/// @file
/// All of the library.
#pragma once

#include "socktap/event_view.h"
#include "socktap/loss.h"
#include "socktap/result.h"
#include "socktap/session.h"
#include "socktap/sink.h"
#include "socktap/tapset.h"
