using DeepNet.CrashRunner;

// DeepNet.CrashRunner OPTIMIZER STEPS FILE: trains to the given step, going on from the file if it is there, and says each step that is saved.
var run = new TrainingRun(args[0]);
run.Train(long.Parse(args[1]), args[2], Console.WriteLine);
