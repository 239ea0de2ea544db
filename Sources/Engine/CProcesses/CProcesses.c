#include "CProcesses.h"
