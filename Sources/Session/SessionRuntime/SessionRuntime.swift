// SessionRuntime
