using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Checks that a device makes without anybody waiting, and reports when somebody does: indices, labels, norms.</summary>
public class DeferredTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void An_index_out_of_range_is_reported_when_the_result_is_read(string name)
    {
        var x = Tensor.Ones(3, 2).To(Device.Parse(name));
        var y = x.IndexSelect(0, Tensor.From(0, 3));
        var error = Assert.Throws<IndexOutOfRangeException>(() => y.ToArray());
        Assert.Contains("[index_select] index 3 at position 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 2, or from -1 back to -3", error.Message, StringComparison.Ordinal);
        Assert.Contains("Anomaly.Detect()", error.Message, StringComparison.Ordinal);
        Assert.Equal([1f, 1f], x[0].ToArray());          // once told, it is over
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Anomaly_mode_tells_it_where_it_happens(string name)
    {
        var x = Tensor.Ones(3, 2).To(Device.Parse(name));
        using var detection = Anomaly.Detect();
        Assert.Contains(
            "index -4 at position 0", Assert.Throws<IndexOutOfRangeException>(() => x.IndexSelect(0, Tensor.From(-4, 3))).Message,
            StringComparison.Ordinal);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Ignored_labels_count_the_same_in_anomaly_mode(string name)
    {
        var device = Device.Parse(name);
        var logits = Tensor.From<float>([1, 2, 3, 4, 6, 5], new Shape(3, 2)).To(device);
        var labels = Tensor.From<long>(1, Loss.IgnoredLabel, 0).To(device);
        float loss = Loss.CrossEntropy(logits, labels).Item();
        using var detection = Anomaly.Detect();
        Assert.Equal(loss, Loss.CrossEntropy(logits, labels).Item());
        var wrong = Tensor.From<long>(1, Loss.IgnoredLabel, 2).To(device);
        var error = Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(logits, wrong));
        Assert.Contains("label 2 at index 2", error.Message, StringComparison.Ordinal);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void The_lowest_integer_is_no_index(string name)
    {
        var x = Tensor.Ones(3, 2).To(Device.Parse(name));
        var y = x.IndexSelect(0, Tensor.From(0, long.MinValue));
        Assert.Throws<IndexOutOfRangeException>(() => y.ToArray());
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void The_first_of_several_is_reported_and_synchronizing_suffices(string name)
    {
        var device = Device.Parse(name);
        var table = Tensor.Ones(5, 2).To(device);
        _ = Tensor.Embedding(table, Tensor.From(0, 4));
        _ = Tensor.Embedding(table, Tensor.From<long>([1, 2, 7, 9], new Shape(2, 2)));
        _ = table.Gather(1, Tensor.From<long>([0, 9], new Shape(1, 2)));
        var error = Assert.Throws<IndexOutOfRangeException>(device.Synchronize);
        Assert.Contains("[embedding] index 7 at position (1, 0)", error.Message, StringComparison.Ordinal);
        device.Synchronize();
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Many_indices_and_more_checks_than_have_room(string name)
    {
        var device = Device.Parse(name);
        var x = Tensor.From<float>([.. Enumerable.Range(0, 50).Select(i => (float)i)], new Shape(50)).To(device);
        long[] many = [.. Enumerable.Range(0, 40_000).Select(i => (long)i % 50)];
        Assert.Equal(many.Select(i => (float)i), x.Take(Tensor.From<long>(many)).ToArray());
        many[33_333] = 50;
        many[39_999] = -51;
        var y = x.Take(Tensor.From<long>(many));
        Assert.Contains(
            "index 50 at position 33333", Assert.Throws<IndexOutOfRangeException>(() => y.ToArray()).Message, StringComparison.Ordinal);
        var index = Tensor.From<long>(1, 2).To(device);
        for (int i = 0; i < 600; i++) y = x.IndexSelect(0, index);
        Assert.Equal([1f, 2f], y.ToArray());
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Numbers_that_a_loss_is_not_defined_for_are_reported_when_it_is_read(string name)
    {
        var device = Device.Parse(name);
        Tensor half = Tensor.Full(new Shape(3, 2), 0.5).To(device),
            wrong = Tensor.From<float>([0, 1, 1.5f, 0.2f, -1, 2], new Shape(3, 2)).To(device);
        foreach (var (loss, text) in new (Func<Tensor, Tensor>, string)[]
        {
            (x => Loss.Bce(x, half), "[bce] 3 of the values of shape (3, 2) given as probability are not from 0 to 1."),
            (x => Loss.BceWithLogits(half, x), "[bce_with_logits] 3 of the values of shape (3, 2) given as target are not from 0 to 1."),
            (x => Loss.GaussianNll(half, half, x), "[gaussian_nll] 1 of the values of shape (3, 2) given as variance is not 0 or more."),
            (x => Loss.Hinge(half, x), "[hinge] 4 of the values of shape (3, 2) given as target are not -1 or 1."),
        })
        {
            var y = loss(wrong);
            string message = Assert.Throws<ArgumentException>(() => y.ToArray()).Message;
            Assert.StartsWith(text, message, StringComparison.Ordinal);
            Assert.Contains("Anomaly.Detect()", message, StringComparison.Ordinal);
            using (Anomaly.Detect()) Assert.Contains("at index (", Assert.Throws<ArgumentException>(() => loss(wrong)).Message,
                StringComparison.Ordinal);
            Assert.True(float.IsFinite(loss(half * 0 + 1).Item()));
        }
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Labels_out_of_range_are_reported_and_ignored_ones_do_not_count(string name)
    {
        var device = Device.Parse(name);
        var logits = Tensor.Randn(new Shape(5, 3), generator: new Generator(1));
        Tensor labels = Tensor.From<long>(0, -100, 2, 1, -100), weight = Tensor.From<float>(1, 2, 3);
        foreach (var loss in new Func<Tensor, Tensor, Tensor?, Tensor>[]
        {
            (x, t, w) => Loss.CrossEntropy(x, t, w), (x, t, w) => Loss.CrossEntropy(x, t, w, Reduction.Sum), (x, t, w) => Loss.Nll(x, t, w),
        })
            foreach (var w in new[] { null, weight })
            {
                Tensor here = logits.Clone().WithGrad(), there = logits.To(device).Clone().WithGrad();
                Tensor expected = loss(here, labels, w), actual = loss(there, labels.To(device), w);
                Same.Check("loss", expected, actual, 1e-6);
                expected.Backward();
                actual.Backward();
                Same.Check("gradient", here.Grad!, there.Grad!, 1e-6);
            }
        var wrong = Loss.CrossEntropy(logits.To(device), Tensor.From<long>(0, 1, 3, 1, 0).To(device));
        var error = Assert.Throws<ArgumentException>(() => wrong.Item());
        Assert.Contains("[cross_entropy] label 3 at index 2 is out of range: there are 3 classes", error.Message, StringComparison.Ordinal);
        Assert.Contains("Do the labels start at 1?", error.Message, StringComparison.Ordinal);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Optimizers_clip_without_waiting(string name)
    {
        double[] expected = Train(Device.Cpu, out double normHere), actual = Train(Device.Parse(name), out double normThere);
        Assert.Equal(normHere, normThere, 1e-5);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5);
    }

    // Tensors of many sizes, some longer than a piece, one that starts in the middle of its memory, two groups of different rates.
    private static double[] Train(Device device, out double norm)
    {
        var random = new Generator(3);
        Parameter[] parameters = [.. new[] { 1, 7, 64, 5000, 9001 }.Select(
            n => new Parameter(Tensor.Randn(new Shape(n), generator: random).To(device)))];
        var optimizer = new AdamW(
            [new ParameterGroup(parameters[..3]), new ParameterGroup(parameters[3..], learningRate: 0.02)], new()
            {
                LearningRate = 0.01,
            })
        { ClipNorm = 0.5 };
        norm = 0;
        for (int step = 0; step < 4; step++)
        {
            optimizer.ZeroGrad();
            var loss = parameters.Select(p => (p.Value * p.Value).Mean()).Aggregate((a, b) => a + b);
            loss.Backward();
            optimizer.Step();
            norm = optimizer.LastGradientNorm;
        }
        return [.. parameters.SelectMany(p => p.Value.ToArray<double>())];
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void A_norm_that_is_not_finite_leaves_everything_as_it_is_and_is_reported(string name)
    {
        var device = Device.Parse(name);
        var p = new Parameter(Tensor.From<float>(1, 2, 3).To(device));
        var optimizer = new Sgd([p], learningRate: 0.1) { ClipNorm = 1 };
        (p.Value * Tensor.From<float>(1, float.NaN, 1).To(device)).Sum().Backward();
        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            optimizer.Step();
            _ = p.Value.ToArray();
        });
        Assert.Contains("[clip] the norm of the gradients is NaN", error.Message, StringComparison.Ordinal);
        Assert.Equal([1f, 2f, 3f], p.Value.ToArray());
    }

    [DeviceTheory(NotOnOpenCL = "its memory has no addresses that a table could hold, so an optimizer's step is a launch a tensor")]
    [MemberData(nameof(Rows))]
    public void One_launch_updates_all_tensors(string name)
    {
        var device = (IlgpuDevice)Device.Parse(name);
        Parameter[] parameters = [.. Enumerable.Range(1, 20).Select(n => new Parameter(Tensor.Ones(new Shape(n), device: device)))];
        var optimizer = new Adam(parameters, learningRate: 0.1);
        foreach (var p in parameters) p.Value.Grad = Tensor.Ones(p.Value.Shape, device: device);
        optimizer.Step();
        long before = device.Launches;
        optimizer.Step();
        Assert.Equal(before + 1, device.Launches);
    }

    [DeviceTheory(Needs = DeviceCapabilities.Float64)]   // in which norms are measured to clip by
    [MemberData(nameof(Rows))]
    public void Training_waits_only_where_a_result_is_read(string name)
    {
        var device = (IlgpuDevice)Device.Parse(name);
        var model = new Sequential(new Embedding(9, 4), new Flatten(), new Linear(12, 3));
        model.To(device);
        var optimizer = new Adam(model.Parameters(), learningRate: 0.01) { ClipNorm = 1 };
        Tensor x = Tensor.RandInt(0, 9, new Shape(5, 3), device: device), labels = Tensor.RandInt(0, 3, new Shape(5), device: device);
        long waits = 0;
        for (int step = 0; step < 3; step++)
        {
            if (step == 1) waits = device.Waits;
            optimizer.ZeroGrad();
            var loss = Loss.CrossEntropy(model.Forward(x), labels);
            loss.Backward();
            optimizer.Step();
        }
        Assert.Equal(waits, device.Waits);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_read_waits_once_and_brings_open_checks_along(string name)
    {
        var device = (IlgpuDevice)Device.Parse(name);
        var y = Tensor.Ones(3, 2).To(device).IndexSelect(0, Tensor.From(0, 2));
        long waits = device.Waits;
        Assert.Equal([1f, 1f, 1f, 1f], y.ToArray());
        Assert.Equal(waits + 1, device.Waits);
    }
}
