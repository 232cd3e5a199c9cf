#include "CSofia.h"
