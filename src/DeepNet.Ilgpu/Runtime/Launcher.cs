using System.Collections.Concurrent;
using System.Reflection;

namespace DeepNet.Ilgpu;

/// <summary>The entry points that all jobs share.</summary>
internal static class EntryPoints
{
    /// <summary>
    /// Every kernel that was compiled in this process and the job that it runs, for the tests that compile them all for other targets.
    /// </summary>
    public static readonly ConcurrentDictionary<MethodInfo, (Type Job, KernelSpecialization Fit)> Known = new();

    /// <summary>Elements are dealt out in strides of the whole grid, so that any number of threads does any number of elements.</summary>
    public static void Elements<TJob>(TJob job, long count) where TJob : struct, IJob
    {
        long step = (long)Grid.DimX * Group.DimX;
        for (long i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < count; i += step) job.Run(i);
    }

    /// <summary>The same by fours and with indices of 32 bits; what is left over is done one by one.</summary>
    public static void Fours<TJob>(TJob job, int count) where TJob : struct, IWideJob
    {
        int first = Grid.IdxX * Group.DimX + Group.IdxX, step = Grid.DimX * Group.DimX, fours = count >> 2;
        for (int i = first; i < fours; i += step) job.RunFour(i);
        for (int i = 4 * fours + first; i < count; i += step) job.Run(i);
    }

    /// <summary>The same with groups.</summary>
    public static void Groups<TJob>(TJob job, long count) where TJob : struct, IGroupJob
    {
        for (long i = Grid.IdxX; i < count; i += Grid.DimX) job.Run(i);
    }
}

/// <summary>
/// Launches a job, compiled at the first time on a device. A static of a generic type is the fastest dictionary there is.
/// </summary>
internal static class Launcher<TJob> where TJob : struct, IJob
{
    private static Loaded<Action<AcceleratorStream, KernelConfig, TJob, long>>?[] loaded = [];

    public static void Run(IlgpuDevice device, in TJob job, long count)
    {
        if (count <= 0) return;
        int index = device.Index;
        var kernel = (uint)index < (uint)loaded.Length ? loaded[index] : null;
        kernel ??= Load(device);
        long groups = (count + kernel.Threads - 1) / kernel.Threads;
        lock (device.Gate)
        {
            device.Bind();
            device.Launches++;
            kernel.Launch(device.Stream, new KernelConfig((int)Math.Min(groups, device.MostGroups), kernel.Threads), job, count);
        }
    }

    private static Loaded<Action<AcceleratorStream, KernelConfig, TJob, long>> Load(IlgpuDevice device)
        => Loading.Put(ref loaded, device.Index, device.Load<Action<AcceleratorStream, KernelConfig, TJob, long>>(
            TJob.Name, typeof(TJob), ((Action<TJob, long>)EntryPoints.Elements).Method));
}

/// <inheritdoc cref="Launcher{TJob}"/>
internal static class WideLauncher<TJob> where TJob : struct, IWideJob
{
    private static Loaded<Action<AcceleratorStream, KernelConfig, TJob, int>>?[] loaded = [];

    public static void Run(IlgpuDevice device, in TJob job, int count)
    {
        if (count <= 0) return;
        int index = device.Index;
        var kernel = (uint)index < (uint)loaded.Length ? loaded[index] : null;
        kernel ??= Load(device);
        int groups = (int)(((long)count + 4 * kernel.Threads - 1) / (4 * kernel.Threads));
        lock (device.Gate)
        {
            device.Bind();
            device.Launches++;
            kernel.Launch(device.Stream, new KernelConfig(Math.Min(groups, device.MostGroups), kernel.Threads), job, count);
        }
    }

    private static Loaded<Action<AcceleratorStream, KernelConfig, TJob, int>> Load(IlgpuDevice device)
        => Loading.Put(ref loaded, device.Index, device.Load<Action<AcceleratorStream, KernelConfig, TJob, int>>(
            TJob.Name, typeof(TJob), ((Action<TJob, int>)EntryPoints.Fours).Method));
}

/// <inheritdoc cref="Launcher{TJob}"/>
internal static class GroupLauncher<TJob> where TJob : struct, IGroupJob
{
    private static Loaded<Action<AcceleratorStream, KernelConfig, TJob, long>>?[] loaded = [];

    /// <summary>Threads that its groups may have on a device; for jobs that need a certain number.</summary>
    public static int MostThreads(IlgpuDevice device)
    {
        int index = device.Index;
        return ((uint)index < (uint)loaded.Length && loaded[index] is { } kernel ? kernel : Load(device)).Threads;
    }

    public static void Run(IlgpuDevice device, in TJob job, long groups) => Run(device, job, groups, device.GroupSize);

    public static void Run(IlgpuDevice device, in TJob job, long groups, int groupSize)
    {
        if (groups <= 0) return;
        int index = device.Index;
        var kernel = (uint)index < (uint)loaded.Length ? loaded[index] : null;
        kernel ??= Load(device);
        if (groupSize > kernel.Threads) throw TooMany(device, groupSize, kernel.Threads);
        lock (device.Gate)
        {
            device.Bind();
            device.Launches++;
            kernel.Launch(device.Stream, new KernelConfig((int)Math.Min(groups, device.MostGroups), groupSize), job, groups);
        }
    }

    // How work is dealt out follows from the number of threads: fewer would leave some of it undone.
    private static KernelException TooMany(IlgpuDevice device, int wanted, int most)
        => new($"[{TJob.Name}] {device.Name} ({device.Description}) allows this kernel groups of {most} threads, and it was to have "
        + $"{wanted}. The operator runs on the processor: x.To(Device.Cpu).");

    private static Loaded<Action<AcceleratorStream, KernelConfig, TJob, long>> Load(IlgpuDevice device)
        => Loading.Put(ref loaded, device.Index, device.Load<Action<AcceleratorStream, KernelConfig, TJob, long>>(
            TJob.Name, typeof(TJob), ((Action<TJob, long>)EntryPoints.Groups).Method, TJob.Fit));
}

internal static class Loading
{
    private static readonly Lock Gate = new();

    public static T Put<T>(ref T?[] loaded, int index, T launch)
    {
        lock (Gate)
        {
            var all = loaded;
            if (index >= all.Length) Array.Resize(ref all, index + 1);
            all[index] = launch;
            loaded = all;
            return launch;
        }
    }
}
