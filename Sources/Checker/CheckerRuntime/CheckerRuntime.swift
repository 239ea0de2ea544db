// CheckerRuntime
