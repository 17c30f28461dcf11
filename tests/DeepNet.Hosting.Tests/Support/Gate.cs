using System.Collections.Concurrent;
using DeepNet.Nn;

namespace DeepNet.Hosting.Tests.Support;

/// <summary>
/// A model that adds its weight to what it gets, and waits before each batch until it is let through; so tests say which requests meet.
/// </summary>
internal sealed class Gate : Module
{
    private readonly Parameter weight = new(Tensor.Zeros(1));
    private readonly SemaphoreSlim entered = new(0), passes = new(0);
    private volatile bool isOpen;

    /// <summary>Gets the batches, as far as they were let through.</summary>
    public ConcurrentQueue<float[]> Batches { get; } = new();

    /// <summary>Gets or sets the error of a batch.</summary>
    public Func<float[], Exception?>? Failure { get; set; }

    public float Weight
    {
        init => weight = new Parameter(Tensor.Full(new Shape(1), value));
    }

    /// <summary>Lets all batches through from now on.</summary>
    public Gate Open()
    {
        isOpen = true;
        passes.Release();
        return this;
    }

    /// <summary>Waits until a batch has come.</summary>
    public async Task EnteredAsync() => Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(60)));

    /// <summary>Lets one batch through.</summary>
    public void Pass() => passes.Release();

    public override Tensor Forward(Tensor x)
    {
        entered.Release();
        if (!isOpen) Assert.True(passes.Wait(TimeSpan.FromSeconds(60)));
        float[] numbers = x.ToArray();
        Batches.Enqueue(numbers);
        if (Failure?.Invoke(numbers) is { } failure) throw failure;
        Assert.False(IsTraining);
        Assert.False(Autograd.IsEnabled);
        return x + weight.Value;
    }
}
