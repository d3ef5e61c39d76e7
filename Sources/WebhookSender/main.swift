// roost-webhooks: posts what its server gives it on descriptor 3, and ends with it. See SenderProcess.

SenderProgram.run()
