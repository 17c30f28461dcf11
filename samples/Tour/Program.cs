using DeepNet;
using DeepNet.Tour;

// Ten minutes of DeepNet in one run: tensors, gradients, an operator of your own, and a network that learns.
Console.WriteLine("1. Tensors");
Tensors.Show();

Console.WriteLine("\n2. Gradients, and gradients of gradients");
Gradients.Show();

Console.WriteLine("\n3. An activation function of your own: one struct");
OwnOperator.Show();

Console.WriteLine("\n4. A network learns two spirals apart");
double accuracy = Spirals.Train();

Console.WriteLine(
    $"\n{Memory.ReservedBytes / 1024} KiB of memory for tensors in all; {CpuDevice.Threads} threads; nothing was disposed by hand.");
return accuracy > 0.95 ? 0 : 1;
