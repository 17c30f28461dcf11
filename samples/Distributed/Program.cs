using System.Diagnostics;
using System.Globalization;
using DeepNet;
using DeepNet.Data;
using DeepNet.Distributed;
using DeepNet.Optim;
using DeepNet.Samples;
using DeepNet.Samples.Scale;
using DeepNet.Training;

// One program on any number of processes: started by itself it trains alone, started by mpirun the processes share each batch. With
// --shards 8 the last line is the same on 1, 2, 4 and 8 of them.
var line = new CommandLine("Distributed", "Trains a network on one process or many.")
    .Example("dotnet run -c Release --project samples/Distributed -- --shards 8")
    .Example("mpirun -n 4 dotnet samples/Distributed/bin/Release/net10.0/Distributed.dll --shards 8")
    .Example("dotnet samples/Distributed/bin/Release/net10.0/Distributed.dll --shards 8 --restart 4 --out runs/x");
var model = line.Choice("--model", "mnist", ["mnist", "gpt"], "a network for made digits, or a small GPT of characters");
var epochs = line.Number("--epochs", "N", 2, "how long to train", least: 1);
var batch = line.Number("--batch", "N", 64, "examples of a step, over all processes", least: 1);
var shards = line.Number("--shards", "N", null, "parts of each batch, for the same bits on any number of processes", least: 1);
var wire = line.Choice("--wire", null, ["bfloat16"], "the element type in which gradients travel; their own if left out");
var bucket = line.Number("--bucket", "KB", 4096, "size from which on gradients are sent together", least: 1);
var divide = line.Flag("--divide", "divides the state of the optimizer among the processes");
var threads = line.Number("--threads", "N", null, "threads of each process", least: 1);
var folder = line.Text("--out", "FOLDER", null, "where to save checkpoints; nowhere if left out");
var resume = line.Flag("--resume", "goes on from the last checkpoint, on any number of processes");
var restart = line.Number("--restart", "N", null, "starts N processes, and when one is lost those that are left", least: 1);
var hosts = line.Text("--hosts", "A,B", null, "where --restart starts them, one on each; on this machine if left out");
var launcher = line.Text("--launcher", "COMMAND", "mpirun", "by which --restart starts them");
var timeout = line.Positive("--timeout", "SECONDS", 600, "after which a collective that does not return ends the run");
var bench = line.Flag("--bench", "prints the time of a step after the first epoch, and how much of it was communication");
if (!line.Read(args, out int exit)) return exit;
if ((resume.Value || restart.Value is not null) && folder.Value is null)
    return line.Fail("--resume and --restart need --out, the folder of the checkpoints.");
if (restart.Value is { } processes)
{
    // Values may follow their names, or stand behind an equals sign.
    string[] own = ["--restart", "--hosts", "--launcher"];
    string[] passed = [.. args.Where((a, i) => !own.Contains(a.Split('=')[0]) && (i == 0 || !own.Contains(args[i - 1])))];
    string[] places = hosts.Value?.Split(',') ?? [];
    return new Supervisor(launcher.Value!.Split(' '), places, shards.Value, folder.Value!).Run(processes, passed);
}
if (threads.Value is { } count) CpuDevice.Threads = count;

return Distributed.Run(world =>
{
    // 1. The same data and weights everywhere: seeds decide, not the processes.
    Generator.SetSeed(1);
    var task = model.Value == "gpt" ? Tasks.Characters(batch.Value!.Value) : Tasks.Digits(batch.Value!.Value);

    // 2. What makes it a run of many.
    using var parallel = new DataParallel(world)
    {
        Shards = shards.Value,
        Wire = wire.Value is null ? null : DType.BFloat16,
        ShardOptimizer = divide.Value,
        BucketBytes = bucket.Value!.Value * 1024L,
        Timeout = TimeSpan.FromSeconds(timeout.Value!.Value),
    };

    // 3. Training as ever.
    var optimizer = new AdamW(task.Model.Parameters(), learningRate: 2e-3) { ClipNorm = 1 };
    var trainer = new Trainer(task.Model, optimizer, task.Loss)
    {
        Strategy = parallel,
        Metrics = task.Metrics,
        Seed = 2,
        Callbacks = folder.Value is { } path ? [new Checkpoints(path) { EverySteps = 20 }] : [],
    };
    if (resume.Value && !trainer.Resume(folder.Value!) && world.IsMain)
        Console.WriteLine("There is no checkpoint yet: this is a new run.");
    int last = epochs.Value!.Value;
    if (bench.Value)
    {
        // While code is compiled, times say nothing.
        trainer.Fit(task.Train, epochs: trainer.Epoch + 1);
        last = trainer.Epoch + last;
    }
    long begun = Stopwatch.GetTimestamp(), before = trainer.Step;
    var history = trainer.Fit(task.Train, bench.Value ? null : task.Validation, last);
    double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
    if (!world.IsMain) return;

    // 4. What came of it.
    if (bench.Value) Console.WriteLine(Bench(world, parallel.Figures, seconds, trainer.Step - before));
    if (history.End != TrainingEnd.Interrupted) Console.WriteLine($"weights {Tasks.Hash(task.Model)}");
});

static string Bench(World world, CommunicationFigures figures, double seconds, long steps)
{
    string step = string.Create(CultureInfo.InvariantCulture,
        $"{world.Size} ranks, {world.Transport}: {1000 * seconds / steps:0.00} ms a step");
    return world.Size == 1 ? step : string.Create(CultureInfo.InvariantCulture,
        $"{step}, {figures.BytesPerStep / 1e6:0.00} MB of gradients a step, {figures.Seconds / seconds:0%} of the time in reductions, "
        + $"{Math.Max(0, 1 - figures.WaitedSeconds / figures.Seconds):0%} of which were hidden behind the backward pass");
}
