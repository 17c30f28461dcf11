using System.Diagnostics;
using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Batches;

internal sealed class TimePerEpoch : Lab
{
    public override string Name => "time-per-epoch";

    public override string Title => "A larger batch costs hardly more time per update, and so far less time per epoch";

    public override string Claim => """
        An update is one step of the optimizer (an iteration); an epoch is as many updates as it takes to see every example once: N/B,
        rounded up. Examples of a batch are computed side by side: an update with 64 examples runs the same operators as one with a single
        example, and takes nowhere near 64 times as long. An epoch of many small updates takes much longer than one of few large ones, until
        the machine is fully used.
        """;

    public override IReadOnlyList<string> Mutations => ["examples one after the other", "the last batch dropped"];

    public override void Run(LabContext lab)
    {
        bool oneByOne = lab.Mutated("examples one after the other"), dropLast = lab.Mutated("the last batch dropped");
        var data = SmallDigits.Make(lab.Pick(full: 2000, reduced: 1000), lab.Seed);
        var model = Networks.Mlp([SmallDigits.Pixels, 64, 10], () => new Relu());
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.01);

        void Update(SmallDigits batch)
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            int parts = oneByOne ? batch.Count : 1, size = batch.Count / parts;
            for (int part = 0; part < parts; part++)
                Loss.CrossEntropy(model.Forward(batch.X.Narrow(0, part * size, size)), batch.Y.Narrow(0, part * size, size)).Backward();
            optimizer.Step();
        }

        // Counted: one epoch at each size. Timed: the median of some updates, sizes taking turns, so that other work on the machine hits
        // all alike.
        int[] sizes = [1, 4, 16, 64, 256, 1000];
        int[] updates = [.. sizes.Select(
            size => data.Batches(size, new Generator(lab.Seed)).Count(batch => !dropLast || batch.Count == size))];
        var times = sizes.Select(_ => new List<double>()).ToArray();
        // bytes of objects an update makes: tensors and recorded operators, whatever their sizes
        long[] made = new long[sizes.Length];
        foreach (int round in lab.Steps(lab.Pick(full: 60, reduced: 25)))
            for (int i = 0; i < sizes.Length; i++)
            {
                var batch = data.Batches(sizes[i], new Generator(lab.Seed + (ulong)round)).First();
                long before = GC.GetAllocatedBytesForCurrentThread();
                var watch = Stopwatch.StartNew();
                Update(batch);
                if (round >= 5) times[i].Add(watch.Elapsed.TotalMilliseconds);       // the first ones warm up
                made[i] = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        double[] perUpdate = [.. times.Select(t => t.Order().ElementAt(t.Count / 2))],
            perEpoch = [.. perUpdate.Zip(updates, (t, n) => t * n)];

        lab.Table(
            ["batch size", "updates per epoch", "updates in 10 epochs", "time per update", "time per epoch"],
            sizes.Select(
                (size, i)
                    => (string[])[$"{size}", $"{updates[i]}", $"{10 * updates[i]}", $"{perUpdate[i]:0.000} ms", $"{perEpoch[i]:0.0} ms"]));
        double[] at = [.. sizes.Select(s => (double)s)];
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot("time per update")
                {
                    XLabel = "batch size", YLabel = "milliseconds", XScale = AxisScale.Log, YScale = AxisScale.Log, Width = 460,
                    Height = 360,
                }
                    .Line(at, perUpdate, "measured", markers: true)
                    .Line(at, [.. at.Select(b => b * perUpdate[0])], "in proportion", LineStyle.Dashed),
                new Plot("time per epoch")
                {
                    XLabel = "batch size", YLabel = "milliseconds", XScale = AxisScale.Log, YScale = AxisScale.Log, Width = 460,
                    Height = 360,
                }.Line(at, perEpoch, markers: true)),
            $"{data.Count} examples. First: far below the dashed line, on which twice the batch would take twice the time. Second: what "
                + "that does to an epoch.");
        int miscounted = sizes.Zip(updates, (size, n) => Math.Abs(n - (data.Count + size - 1) / size)).Sum();
        lab.Check($"an epoch has N/B updates, rounded up, at each size ({miscounted} off)", miscounted, atMost: 0);
        double objects = (double)made[3] / made[0];
        lab.Check($"64 times the batch runs as many operators: their objects take {objects:0.0} times as many bytes", objects, atMost: 2);
        // few and short updates, beside other work as like as not: no claim on their time
        if (!lab.Pick(full: true, reduced: false)) return;
        lab.Check(
            $"64 times the batch takes {perUpdate[3] / perUpdate[0]:0.0} times as long per update", perUpdate[3] / perUpdate[0],
            atMost: 24);
        lab.Check(
            $"an epoch in single examples takes {perEpoch[0] / perEpoch[4]:0} times as long as in batches of {sizes[4]}",
            perEpoch[0] / perEpoch[4], atLeast: 3);
    }
}
