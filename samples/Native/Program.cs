using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using DeepNet;
using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;

// A training program as one small native file:
//   dotnet publish -c Release -o native samples/Native && native/Native
const int Steps = 600, BatchSize = 64;

Generator.SetSeed(1);
var model = new Sequential(new Linear(784, 128, activation: new Relu()), new Linear(128, 10));
var optimizer = new Adam(model.Parameters(), learningRate: 2e-3);
var least = TimeSpan.MaxValue;
for (int step = 1; step <= Steps; step++)
{
    // Every digit is drawn as it is needed, and seen once.
    var (x, y) = SyntheticData.Digits(BatchSize, seed: (ulong)step).All();
    long start = Stopwatch.GetTimestamp();
    optimizer.ZeroGrad();
    var loss = Loss.CrossEntropy(model.Forward(x.Flatten(1)), y);
    loss.Backward();
    optimizer.Step();
    var took = Stopwatch.GetElapsedTime(start);
    if (took < least) least = took;
    if (step is 1 || step % 200 == 0)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step,4}  loss {loss.Item():0.0000}"));
}

model.Eval();
using var noGrad = Autograd.NoGrad();
var (images, digits) = SyntheticData.Digits(1000, seed: 0).All();
int right = model.Forward(images.Flatten(1)).ArgMax(1).ToArray<long>().Zip(digits.ToArray<long>()).Count(pair => pair.First == pair.Second);
int bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"accuracy {right / 1000.0:0.000}  {least.TotalMicroseconds:0} µs for the fastest step, vectors of {bits} bits"));
return right > 900 ? 0 : 1;
