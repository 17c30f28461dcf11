using System.Text.Json;
using DeepNet.Labs.Running.Race;
using DeepNet.Optim;

namespace DeepNet.Labs.Tests;

public class RaceTests
{
    [Fact]
    public void Momentum_crosses_to_the_deeper_minimum_and_plain_descent_does_not()
    {
        var minima = Landscape.Of("minima");
        Assert.InRange(Racer.All[0].Path(minima, new())[^1].X, 0.85, 0.95);
        Assert.InRange(Racer.All[1].Path(minima, new())[^1].X, -1.2, -0.9);
    }

    [Fact]
    public void AdaGrad_bursts_late_and_would_not_by_the_sum()
    {
        var burst = Landscape.Of("burst");
        double Late(Landscape landscape)
            => Racer.All[2].Path(landscape, new()).Skip(100).Max(p => Math.Abs(p.Y));
        Assert.True(Late(burst) > 0.3);
        Assert.True(Late(burst with { Scale = AdaGradScale.RootSum }) < 0.01);
    }

    [Fact]
    public void In_the_flat_valley_plain_descent_is_last()
    {
        var valley = Landscape.Of("valley");
        double[] left = [.. Racer.All.Select(r => Math.Abs(r.Path(valley, new())[^1].X))];
        Assert.Equal(left.Max(), left[0]);
        Assert.True(left[0] > 3);
        Assert.True(left[1] < 1);
    }

    [Fact]
    public void Noise_of_a_batch_falls_as_the_root_of_its_size()
    {
        var noise = new RaceNoise(1);
        double[] drawn = [.. Enumerable.Range(0, 20_000).Select(_ => noise.Next())];
        Assert.Equal(0, drawn.Average(), 0.03);
        Assert.Equal(1, drawn.Average(v => v * v), 0.03);

        var ravine = Landscape.Of("ravine");
        var quiet = Racer.All[0].Path(ravine, new());
        double Away(int batch)
            => Racer.All[0].Path(ravine, new() { Noise = 0.1, Batch = batch }).Zip(quiet, (a, b) => Math.Abs(a.X - b.X)).Max();
        Assert.Equal(4, Away(1) / Away(16), 6);      // the loss is quadratic, so the way moves in proportion
    }

    [Fact]
    public void Data_hold_every_path_of_every_landscape()
    {
        using var data = JsonDocument.Parse(RaceWidget.Data(every: 1));
        foreach (var landscape in Landscape.All)
        {
            var paths = data.RootElement.GetProperty("paths").GetProperty(landscape.Name);
            Assert.Equal(Racer.All.Count, paths.GetArrayLength());
            Assert.All(paths.EnumerateArray(), p => Assert.Equal(landscape.Steps + 1, p.GetArrayLength()));
            Assert.Equal(Racer.All.Count, landscape.Rates.Length);
            Assert.NotNull(Catalogue.Find(landscape.Lab));
        }
    }
}
