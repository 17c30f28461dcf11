using System.Diagnostics;
using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Batches;

internal sealed class TimePerEpoch : Lab
{
    public override string Name => "time-per-epoch";

    public override string Title => "A larger batch takes hardly more time per update, and so far less time per epoch";

    public override string Claim => """
        An update is one step of the optimizer (an iteration); an epoch is as many updates as it takes to see every example once: N/B,
        rounded up. Examples of a batch are computed side by side: an update with 64 examples runs the same operators as one with a single
        example, and takes nowhere near 64 times as long. An epoch of many small updates takes much longer than one of few large ones, until
        the machine is fully used.
        """;

    public override string Question => "An update on 64 examples in place of one: how much longer does it take?";

    public override Guess? Guess => new(
        [
            "64 times: each example costs the same",
            "Far less than 64 times, because the examples of a batch are computed side by side",
            "It is faster, because larger batches need fewer steps",
        ],
        Right: 1);

    public override string Explanation => """
        An update costs a fixed part and a part for each example, $T(B) \approx T_0 + B T_1$. The fixed part is that of running each
        operator at all: calls, memory, the steps of the optimizer over all weights, and on a GPU the launch of every kernel. The part for
        each example is small as long as processor cores, vector units or memory bandwidth are idle.

        An epoch of $N$ examples has $N / B$ updates, rounded up, so it takes about $\frac{N}{B} T_0 + N T_1$. The first term falls with
        the batch size and the second stays. From the size on at which $B T_1$ is larger than $T_0$, the machine is busy and a larger
        batch saves no more time; memory then sets the limit.

        Time per epoch is not time to a trained network. Large batches take fewer steps in an epoch, and if the learning rate is not
        raised with the batch, they need more epochs to the same loss. Which size is the fastest over all depends on both.
        """;

    public override string Falsified => """
        An update on 64 examples that runs many more operators, or takes as long as 64 updates on one, or an epoch whose updates are not
        N/B rounded up.
        """;

    public override IReadOnlyList<string> Next => ["small-against-large", "linear-scaling"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        var x = Tensor.Randn(new Shape(1024, 200));
        var y = Tensor.RandInt(0, 10, new Shape(1024));
        var model = new Sequential(new Linear(200, 64), new Relu(), new Linear(64, 10));
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.01);
        foreach (int size in new[] { 1, 16, 64, 256 })
        {
            var times = new List<double>();
            for (int update = 0; update < 30; update++)
            {
                using var scope = Memory.Scope();
                var watch = Stopwatch.StartNew();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(x[..size]), y[..size]).Backward();
                optimizer.Step();
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
            double median = times.Order().ElementAt(15);
            output.WriteLine($"batches of {size,3}: {median:0.000} ms an update, {(1024 + size - 1) / size} updates, "
                + $"{median * ((1024 + size - 1) / size):0.0} ms an epoch");
        }
    }

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
