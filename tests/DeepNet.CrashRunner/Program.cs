using DeepNet.CrashRunner;

// DeepNet.CrashRunner OPTIMIZER STEPS FILE: trains to the given step, going on from the file if it is there, and says each step that is
// saved. DeepNet.CrashRunner trainer FOLDER: a whole run of the Trainer in a folder, going on from its checkpoints if there are any, that
// says each step.
if (args[0] == "trainer") new TrainerRun(args[1]).Train(Console.WriteLine);
else new TrainingRun(args[0]).Train(long.Parse(args[1]), args[2], Console.WriteLine);
