#define SOCKTAP_PROBED /* sockets come as addresses */
#define OCCURRENCE_FUNCTION __noinline
#include "occurrence_functions.h"
