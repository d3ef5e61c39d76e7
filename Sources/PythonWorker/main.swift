print("roost-python")
