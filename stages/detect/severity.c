#include "stages/detect/detect.h"

int severity_level(double days_of_normal, double ratio, double duration_hours) {
    double v = days_of_normal;
    if (v >= 8 || (v >= 4 && duration_hours >= 24))
        return 4;
    if (v >= 2 || (ratio >= 20 && v >= 1))
        return 3;
    if (v >= 0.5 || (ratio >= 10 && v >= 0.25))
        return 2;
    return v >= 0.1 && ratio >= 2;
}
