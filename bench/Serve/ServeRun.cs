using System.Diagnostics;
using System.Globalization;
using DeepNet.Hosting;
using DeepNet.Nn;
using Microsoft.Extensions.DependencyInjection;

namespace DeepNet.Bench.Serve;

/// <summary>
/// A predictor under many clients that each wait for their answer before they ask again, against a loop that makes the same batches by
/// itself: throughput, latency, memory, and a reload in the middle.
/// </summary>
internal static class ServeRun
{
    private const int Clients = 64, Inputs = 784, Classes = 10;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(2), Part = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(int rounds, int seconds)
    {
        Console.WriteLine(Machine.Describe(CpuDevice.Threads));
        Console.WriteLine($"{Clients} clients, batches of up to {Clients}, delay {Units.Time(Delay.TotalSeconds)}");
        Console.WriteLine(
            $"{"model",-6} {"loop",12} {"predictor",12} {"ratio",6} {"batch",10} {"p50",10} {"p99",10} {"delay + batch",14}");
        await CompareAsync("mlp", Mlp, rounds);
        await CompareAsync("cnn", Cnn, rounds);
        await LongAsync(Mlp, TimeSpan.FromSeconds(seconds));
        return 0;
    }

    private static Module Mlp() => new Sequential(
        new Linear(Inputs, 512, activation: new Relu()), new Linear(512, 512, activation: new Relu()), new Linear(512, Classes));

    private static Module Cnn() => new Images(new Sequential(
        new Conv2d(1, 16, 5, padding: 2, activation: new Relu()), new MaxPool2d(2),
        new Conv2d(16, 32, 3, padding: 1, activation: new Relu()), new MaxPool2d(2), new Flatten(), new Linear(32 * 7 * 7, Classes)));

    private sealed class Images(Module network) : Module
    {
        private readonly Module network = network;

        public override Tensor Forward(Tensor x) => network.Forward(x.Reshape(x.Shape[0], 1, 28, 28));
    }

    private static ServiceProvider Services(Func<Module> make)
    {
        var services = new ServiceCollection();
        services.AddPredictor<float[], float[]>("model", _ => make(), x => x, y => y.ToArray(), options =>
        {
            options.MaxBatchSize = Clients;
            options.MaxDelay = Delay;
        }).WarmUp(new float[Inputs]);
        return services.BuildServiceProvider();
    }

    private static float[][] Draw()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Clients).Select(_ => Enumerable.Range(0, Inputs).Select(_ => random.NextSingle()).ToArray())];
    }

    private static async Task CompareAsync(string name, Func<Module> make, int rounds)
    {
        float[][] inputs = Draw();
        var model = make();
        model.Eval();
        var services = Services(make);
        await using (services)
        {
            var predictor = services.GetRequiredService<IPredictor<float[], float[]>>();
            var (alone, served, ratios, latencies, batches) = (new List<double>(), new List<double>(), new List<double>(),
                new List<double>(), new List<double>());
            for (int round = -1; round < rounds; round++)
            {
                var (loop, batch) = Loop(model, inputs);
                var load = await LoadAsync(predictor, inputs, Part);
                if (round < 0) continue;            // the first one is for the JIT
                alone.Add(loop);
                batches.Add(batch);
                served.Add(load.PerSecond);
                ratios.Add(load.PerSecond / loop);
                latencies.AddRange(load.Latencies);
            }
            double batchTime = Timing.Median(batches);
            latencies.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-6} {Timing.Median(alone),10:N0}/s {Timing.Median(served),10:N0}/s {Timing.Median(ratios),6:F2} "
                    + $"{Units.Time(batchTime),10} {Units.Time(At(latencies, 0.5)),10} {Units.Time(At(latencies, 0.99)),10} "
                    + $"{Units.Time(Delay.TotalSeconds + batchTime),14}"));
        }
    }

    /// <summary>Batches of a program that has all inputs at hand: rows into a tensor, the model, rows out of it.</summary>
    private static (double PerSecond, double Batch) Loop(Module model, float[][] inputs)
    {
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        float[] all = new float[Clients * Inputs];
        while (Stopwatch.GetElapsedTime(start) < Part)
        {
            using var scope = Memory.Scope();
            using var noGrad = Autograd.NoGrad();
            for (int i = 0; i < Clients; i++) inputs[i].CopyTo(all, i * Inputs);
            float[] y = model.Forward(Tensor.From<float>(all, new Shape(Clients, Inputs))).ToArray();
            for (int i = 0; i < Clients; i++) _ = y[(i * Classes)..((i + 1) * Classes)];
            count++;
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (count * Clients / seconds, seconds / count);
    }

    private static async Task<(double PerSecond, List<double> Latencies, int Failures)> LoadAsync(
        IPredictor<float[], float[]> predictor, float[][] inputs, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        var clients = await Task.WhenAll(inputs.Select(input => Task.Run(async () =>
        {
            var latencies = new List<double>();
            int failures = 0;
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                long asked = Stopwatch.GetTimestamp();
                try
                {
                    await predictor.PredictAsync(input);
                }
                catch (Exception)
                {
                    failures++;
                }
                latencies.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
            }
            return (Latencies: latencies, Failures: failures);
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        List<double> all = [.. clients.SelectMany(c => c.Latencies)];
        return (all.Count / seconds, all, clients.Sum(c => c.Failures));
    }

    /// <summary>A long run with a reload in each of its twenty parts but the first.</summary>
    private static async Task LongAsync(Func<Module> make, TimeSpan time)
    {
        float[][] inputs = Draw();
        var services = Services(make);
        await using (services)
        {
            var predictor = services.GetRequiredService<IPredictor<float[], float[]>>();
            int failures = 0, reloads = 0;
            long requests = 0;
            var memory = new List<string>();
            const int Parts = 20;
            for (int part = 0; part < Parts; part++)
            {
                var load = LoadAsync(predictor, inputs, time / Parts);
                if (part > 0)
                {
                    await predictor.ReloadAsync();
                    reloads++;
                }
                var (_, latencies, failed) = await load;
                failures += failed;
                requests += latencies.Count;
                if (part is not (1 or 4 or 9 or 19)) continue;
                memory.Add(string.Create(CultureInfo.InvariantCulture,
                    $"at {(part + 1) * 100 / Parts} % {Memory.LiveBytes / 1048576.0:F1} of {Memory.ReservedBytes / 1048576.0:F1}, "
                        + $"{GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:F1} and {Resident() / 1048576.0:F0} MiB"));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{time.TotalSeconds:F0} s: {requests:N0} requests, {reloads} reloads, {failures} failures"));
            Console.WriteLine($"tensors live and reserved, managed heap and resident memory: {string.Join(", ", memory)}");
        }
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];

    private static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
