class PipelineError(Exception): pass
