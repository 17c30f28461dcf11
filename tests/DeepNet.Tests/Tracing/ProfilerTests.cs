using System.Text.Json;
using DeepNet.Nn;
using DeepNet.Optim;
using Xunit;

namespace DeepNet.Tests.Tracing;

/// <summary>The counts of a profile. No time is asserted, but for what holds of any.</summary>
public class ProfilerTests
{
    private static Profiler Step(ProfilerOptions? options = null)
    {
        var model = new Sequential(new Linear(20, 30, activation: new Relu()), new Linear(30, 5));
        var optimizer = new Adam(model.Parameters());
        Tensor x = Tensor.Rand(new Shape(8, 20)), y = Tensor.RandInt(0, 5, 8);
        using var profiler = Profiler.Record(options);
        Loss.CrossEntropy(model.Forward(x), y).Backward();
        optimizer.Step();
        return profiler;
    }

    [Fact]
    public void Products_count_their_calculations_forward_and_backward_apart()
    {
        var rows = Step().Operators;
        double first = 2 * 8 * 20 * 30, second = 2 * 8 * 30 * 5;
        Assert.Equal(first, rows.Single(r => r is { Name: "affine_relu", IsBackward: false }).Flops);
        Assert.Equal(second, rows.Single(r => r is { Name: "affine", IsBackward: false }).Flops);
        Assert.Equal(first, rows.Single(r => r is { Name: "affine_relu", IsBackward: true }).Flops);        // the input needs no gradient
        Assert.Equal(2 * second, rows.Single(r => r is { Name: "affine", IsBackward: true }).Flops);
        Assert.Equal(1, rows.Single(r => r.Name == "adam").Calls);
        var entropy = rows.Single(r => r is { Name: "cross_entropy", IsBackward: false });
        Assert.Equal(0, entropy.Flops);
        Assert.True(entropy.Bytes >= 8 * 5 * 4);
    }

    [Fact]
    public void Self_times_add_up_to_the_whole_and_totals_hold_them()
    {
        var profiler = Step();
        Assert.All(profiler.Operators, row => Assert.True(row.Total >= row.Self && row.Self >= TimeSpan.Zero));
        Assert.Equal(profiler.Total.TotalSeconds, profiler.Operators.Sum(row => row.Self.TotalSeconds), 1e-6);
        Assert.Equal(profiler.Total.TotalSeconds, profiler.Modules.Sum(row => row.Self.TotalSeconds), 1e-6);
    }

    [Fact]
    public void Modules_have_rows_by_path_with_what_is_inside()
    {
        var model = new Sequential(new Sequential(new Linear(4, 4), new Linear(4, 4)), new Linear(4, 2));
        _ = model.Parameters();
        var x = Tensor.Rand(new Shape(3, 4));
        using var profiler = Profiler.Record();
        model.Forward(x).Sum().Backward();
        var rows = profiler.Modules;
        var inner = rows.Single(r => r is { Name: "0", IsBackward: false });
        Assert.Equal(rows.Where(r => r is { Name: "0.0" or "0.1", IsBackward: false }).Sum(r => r.Flops), inner.Flops);
        Assert.Equal(2.0 * 2 * 3 * 4 * 4, inner.Flops);
        Assert.Equal(3.0 * 2 * 3 * 4 * 4, rows.Single(r => r is { Name: "0", IsBackward: true }).Flops);
    }

    [Fact]
    public void Limits_make_shares()
    {
        Assert.All(Step().Operators, row => Assert.Null(row.ShareOfLimit));
        var rows = Step(new() { Limits = new(1e30, 1e30) }).Operators;
        Assert.All(rows, row => Assert.InRange(row.ShareOfLimit!.Value, 0, 1e-9));
        Assert.True(Step(new() { Limits = new(1, 1) }).Operators.Single(r => r is { Name: "affine", IsBackward: false }).ShareOfLimit > 1);
    }

    [Fact]
    public void The_table_names_operators_and_modules()
    {
        string table = Step(new() { Limits = new(1e11, 1e10) }).Table(3);
        Assert.Contains("affine", table);
        Assert.Contains("of limit", table);
        Assert.Contains(" more of ", table);
        Assert.Contains("(outside)", table);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 140));
    }

    [Fact]
    public void The_trace_file_has_an_event_for_each_operator_and_kernel()
    {
        string path = Path.Combine(Path.GetTempPath(), $"trace-{Guid.NewGuid():N}.json");
        try
        {
            Step().SaveChromeTrace(path);
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var events = json.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
            Assert.Contains(events, e => e.GetProperty("name").GetString() == "affine" && e.GetProperty("cat").GetString() == "backward");
            Assert.Contains(events, e => e.GetProperty("name").GetString() == "matmul" && e.GetProperty("cat").GetString() == "kernel"
                && e.GetProperty("args").GetProperty("flop").GetDouble() == 2 * 8 * 20 * 30);
            Assert.All(events, e => Assert.Equal("X", e.GetProperty("ph").GetString()));
            Assert.All(events, e => Assert.True(e.GetProperty("ts").GetDouble() >= 0 && e.GetProperty("dur").GetDouble() >= 0));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
